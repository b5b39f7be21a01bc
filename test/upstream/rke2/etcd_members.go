package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
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
