package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
)

// joinEtcd adds this server as a learner and comes back with etcd's --initial-cluster. etcd takes one learner at a
// time: while there is another, it asks again. A member that has this node's name already ends it.
func joinEtcd(ctx context.Context, s settings, name string, join *supervisorClient) (initial string, err error) {
	err = untilTrue(ctx, "etcd takes the next member", func(ctx context.Context) (bool, error) {
		members, err := join.etcdMembers(ctx)
		if err != nil {
			warn("Failed to get the member list of etcd: %v", err)
			return false, nil
		}
		if initial, err = tryJoin(ctx, s, name, members); err == nil {
			return true, nil
		}
		// These pass by themselves.
		if errors.Is(err, rpctypes.ErrTooManyLearners) || errors.Is(err, rpctypes.ErrUnhealthy) ||
			errors.Is(err, rpctypes.ErrMemberNotEnoughStarted) || errors.Is(err, context.DeadlineExceeded) {
			info("Waiting for other members to finish joining etcd cluster: %v", err)
			time.Sleep(time.Second)
			return false, nil
		}
		return false, err
	})
	return initial, err
}

func tryJoin(ctx context.Context, s settings, name string, members []*etcdserverpb.Member) (string, error) {
	endpoints, initial, known := []string{}, []string{}, false
	for _, member := range members {
		own := slices.Contains(member.PeerURLs, peerURL(s)) && (member.Name == name || member.Name == "")
		known = known || own
		if !own && nodeOfMember(member.Name) == s.NodeName {
			_ = os.Remove(etcdNameFile)
			return "", errors.New("duplicate node name found, please use a unique name for this node")
		}
		if member.Name != "" && !own {
			initial = append(initial, member.Name+"="+member.PeerURLs[0])
		}
		if !member.IsLearner {
			endpoints = append(endpoints, member.ClientURLs...)
		}
	}
	initial = append(initial, name+"="+peerURL(s))
	if known {
		return strings.Join(initial, ","), nil
	}
	client, err := etcdClient(endpoints...)
	if err != nil {
		return "", err
	}
	defer client.Close()
	info("Adding member %s=%s to etcd cluster %v", name, peerURL(s), initial)
	_, err = client.MemberAddAsLearner(ctx, []string{peerURL(s)})
	return strings.Join(initial, ","), err
}

// nodeOfMember takes the random end off a member's name.
func nodeOfMember(name string) string {
	if cut := strings.LastIndex(name, "-"); cut >= 0 {
		return name[:cut]
	}
	return name
}
