package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/scrypt"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const nodePasswordSuffix = ".node-password.rke2"

var errNodePassword = errors.New("Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag")

// ensureNodePassword takes the first password of a node's name, and from then on no other until the node is deleted.
func ensureNodePassword(ctx context.Context, s settings, node, password string) error {
	if node == "" || password == "" {
		return fmt.Errorf("node name and password must be set")
	}
	client, err := kubeClient(s)
	if err != nil {
		return err
	}
	secrets := client.CoreV1().Secrets(metav1.NamespaceSystem)
	name := strings.ToLower(node) + nodePasswordSuffix
	known, err := secrets.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		hash, err := hashOf(password)
		if err != nil {
			return err
		}
		immutable := true
		_, err = secrets.Create(ctx, &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: metav1.NamespaceSystem},
			Immutable:  &immutable,
			Data:       map[string][]byte{"hash": []byte(hash)},
		}, metav1.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	if !matches(string(known.Data["hash"]), password) {
		return errNodePassword
	}
	return nil
}

// forgetNodePassword lets another machine have the name.
func forgetNodePassword(ctx context.Context, client kubernetes.Interface, node string) error {
	name := strings.ToLower(node) + nodePasswordSuffix
	err := client.CoreV1().Secrets(metav1.NamespaceSystem).Delete(ctx, name, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func hashOf(password string) (string, error) {
	salt, err := randomHex(8)
	if err != nil {
		return "", err
	}
	return salted(password, salt)
}

func salted(password, salt string) (string, error) {
	hash, err := scrypt.Key([]byte(password), []byte(salt), 1<<15, 8, 1, 64)
	return fmt.Sprintf("$1:%s:15:8:1:%x", salt, hash), err
}

func matches(hash, password string) bool {
	parts := strings.Split(hash, ":")
	if len(parts) != 6 {
		return false
	}
	again, err := salted(password, parts[1])
	return err == nil && subtle.ConstantTimeCompare([]byte(again), []byte(hash)) == 1
}

func randomHex(bytes int) (string, error) {
	random := make([]byte, bytes)
	_, err := rand.Read(random)
	return hex.EncodeToString(random), err
}
