package main

import (
	"context"
	"os"
	"path/filepath"
)

const auditPolicy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n  - level: Metadata\n"

// startAPI starts kube-apiserver and waits until it is ready.
func startAPI(ctx context.Context, p *programs, s settings) error {
	dir := filepath.Join(dataDir, "server/etc")
	if err := writeSecret(filepath.Join(dir, "audit-policy.yaml"), []byte(auditPolicy)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dataDir, "server/logs"), 0o700); err != nil {
		return err
	}
	args := apiArguments(s, dir)
	if s.Profile != "" {
		admission, err := writePodSecurity(dir)
		if err != nil {
			return err
		}
		args = append(args, "--admission-control-config-file", admission)
	}
	if err := p.start("kube-apiserver", append(args, flags(s.KubeAPIArg)...)...); err != nil {
		return err
	}
	return untilTrue(ctx, "the API server is ready", func(ctx context.Context) (bool, error) {
		client, err := kubeClient(s)
		if err != nil {
			return false, err
		}
		answer, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err == nil && string(answer) == "ok", nil
	})
}

func apiArguments(s settings, dir string) []string {
	file := func(name string) string { return filepath.Join(tlsDir, name) }
	return []string{
		"--advertise-address", s.AdvertiseAddress, "--bind-address", "0.0.0.0", "--secure-port", "6443",
		"--allow-privileged", "--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction",
		"--service-cluster-ip-range", s.ServiceCIDR, "--anonymous-auth=false", "--profiling=false",
		"--etcd-servers", localEtcd, "--etcd-cafile", file("etcd/server-ca.crt"),
		"--etcd-certfile", file("etcd/client.crt"), "--etcd-keyfile", file("etcd/client.key"),
		"--client-ca-file", file("client-ca.crt"),
		"--tls-cert-file", file("serving-kube-apiserver.crt"), "--tls-private-key-file", file("serving-kube-apiserver.key"),
		"--kubelet-certificate-authority", file("server-ca.crt"), "--kubelet-preferred-address-types", "InternalIP",
		"--kubelet-client-certificate", file("client-kube-apiserver.crt"), "--kubelet-client-key", file("client-kube-apiserver.key"),
		"--service-account-issuer", "https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file", file(serviceKey), "--service-account-signing-key-file", file(serviceKey),
		"--requestheader-client-ca-file", file("request-header-ca.crt"), "--requestheader-allowed-names", "system:auth-proxy",
		"--requestheader-username-headers", "X-Remote-User", "--requestheader-group-headers", "X-Remote-Group",
		"--requestheader-extra-headers-prefix", "X-Remote-Extra-",
		"--proxy-client-cert-file", file("client-auth-proxy.crt"), "--proxy-client-key-file", file("client-auth-proxy.key"),
		"--audit-policy-file", filepath.Join(dir, "audit-policy.yaml"),
		"--audit-log-path", filepath.Join(dataDir, "server/logs/audit.log"), "--audit-log-maxsize", "100", "--audit-log-maxbackup", "2",
	}
}

// startControllers starts what works on the API. One of each leads.
func startControllers(p *programs, s settings) error {
	controller, scheduler := credential("controller"), credential("scheduler")
	file := func(name string) string { return filepath.Join(tlsDir, name) }
	err := p.start("kube-controller-manager", "--bind-address", "127.0.0.1",
		"--kubeconfig", controller, "--authentication-kubeconfig", controller, "--authorization-kubeconfig", controller,
		"--use-service-account-credentials", "--service-account-private-key-file", file(serviceKey),
		"--root-ca-file", file("server-ca.crt"),
		"--cluster-signing-cert-file", file("client-ca.crt"), "--cluster-signing-key-file", file("client-ca.key"),
		"--allocate-node-cidrs", "--cluster-cidr", s.ClusterCIDR, "--service-cluster-ip-range", s.ServiceCIDR,
		// Kubernetes' own provisioner for tests: kubernetes.io/host-path in a StorageClass.
		"--enable-hostpath-provisioner", "--profiling=false")
	if err != nil {
		return err
	}
	err = p.start("kube-scheduler", "--bind-address", "127.0.0.1", "--profiling=false",
		"--kubeconfig", scheduler, "--authentication-kubeconfig", scheduler, "--authorization-kubeconfig", scheduler)
	if err != nil {
		return err
	}
	return p.start("helm-controller", "--kubeconfig", credential("supervisor"), "--node-name", s.NodeName,
		"--default-job-image", helmImage)
}

// flags turns RKE2's name=value into --name=value.
func flags(values []string) (args []string) {
	for _, value := range values {
		args = append(args, "--"+value)
	}
	return args
}

// What profile cis asks of every namespace but the system's: https://docs.rke2.io/security/pod_security_standards
const podSecurity = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
      apiVersion: pod-security.admission.config.k8s.io/v1
      kind: PodSecurityConfiguration
      defaults:
        enforce: restricted
        enforce-version: latest
        audit: restricted
        audit-version: latest
        warn: restricted
        warn-version: latest
      exemptions:
        usernames: []
        runtimeClasses: []
        namespaces: [kube-system, cis-operator-system, tigera-operator]
`

func writePodSecurity(dir string) (string, error) {
	file := filepath.Join(dir, "rke2-pss.yaml")
	return file, writeSecret(file, []byte(podSecurity))
}
