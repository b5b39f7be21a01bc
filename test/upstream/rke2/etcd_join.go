package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

const (
	manageInterval = 15 * time.Second
	// A learner that made no step for so long is put out, as in RKE2.
	stallTime   = 5 * time.Minute
	progressKey = "etcd/learnerProgress"
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

// progress of a learner, kept in etcd: the leader may change.
type progress struct {
	ID    uint64
	Index uint64
	Time  time.Time
}

// manageLearners promotes learners, and puts those out that got stuck; only where etcd's leader is.
func manageLearners(ctx context.Context) {
	ticker := time.NewTicker(manageInterval)
	defer ticker.Stop()
	for {
		if err := manageOnce(ctx); err != nil && ctx.Err() == nil {
			fail("Failed to manage the learners of etcd: %v", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func manageOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client, err := etcdClient(localEtcd)
	if err != nil {
		return err
	}
	defer client.Close()
	status, err := client.Status(ctx, localEtcd)
	if err != nil || status.Header.MemberId != status.Leader {
		return err
	}
	list, err := client.MemberList(ctx)
	if err != nil {
		return err
	}
	for _, member := range list.Members {
		if member.IsLearner {
			return trackLearner(ctx, client, member)
		}
	}
	return nil
}

func trackLearner(ctx context.Context, client *clientv3.Client, member *etcdserverpb.Member) error {
	if _, err := client.MemberPromote(ctx, member.ID); err == nil {
		info("Promoted learner %s", member.Name)
		return nil
	}
	var last progress
	answer, err := client.Get(ctx, progressKey)
	if err != nil {
		return err
	}
	if len(answer.Kvs) > 0 {
		_ = json.Unmarshal(answer.Kvs[0].Value, &last)
	}
	if last.ID != member.ID {
		last = progress{ID: member.ID, Time: time.Now()}
	}
	if index, ok := appliedIndex(ctx, client, member); ok && index > last.Index {
		last.Index, last.Time = index, time.Now()
	}
	if stalled := time.Since(last.Time); stalled > stallTime {
		warn("Removing learner %s, which stalled for %s", member.Name, stalled)
		_, err := client.MemberRemove(ctx, member.ID)
		return err
	}
	text, err := json.Marshal(last)
	if err != nil {
		return err
	}
	_, err = client.Put(ctx, progressKey, string(text))
	return err
}

func appliedIndex(ctx context.Context, client *clientv3.Client, member *etcdserverpb.Member) (uint64, bool) {
	for _, endpoint := range member.ClientURLs {
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		status, err := client.Status(short, endpoint)
		cancel()
		if err == nil {
			return status.RaftAppliedIndex, true
		}
	}
	return 0, false
}

// removeMember takes the member of a node that left the cluster out of etcd.
func removeMember(ctx context.Context, node, address string) error {
	client, err := etcdClient(localEtcd)
	if err != nil {
		return err
	}
	defer client.Close()
	list, err := client.MemberList(ctx)
	if err != nil {
		return err
	}
	for _, member := range list.Members {
		if peer, err := url.Parse(slices.Concat(member.PeerURLs, []string{""})[0]); err != nil || peer.Hostname() != address {
			continue
		}
		if member.Name != "" && nodeOfMember(member.Name) != node {
			continue
		}
		info("Removing name=%s id=%d address=%s from etcd", member.Name, member.ID, address)
		if _, err := client.MemberRemove(ctx, member.ID); err != nil && !errors.Is(err, rpctypes.ErrMemberNotFound) {
			return fmt.Errorf("remove etcd member of %s: %w", node, err)
		}
	}
	return nil
}
