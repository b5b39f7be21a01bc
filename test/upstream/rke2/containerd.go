package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
	"sigs.k8s.io/yaml"
)

const (
	images           = "rke2-lab.invalid"
	helmImage        = images + "/klipper-helm:1"
	containerdSocket = "/run/k3s/containerd/containerd.sock"
)

const containerdConfig = `version = 2
root = "` + agentDir + `/containerd"
state = "/run/k3s/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "` + containerdSocket + `"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "` + images + `/pause:1"
  # There is no CAP_SYS_RESOURCE in a machine that is a container.
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = false
  tolerate_missing_hugetlb_controller = true
  disable_hugetlb_controller = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/opt/cni/bin"
    conf_dir = "/etc/cni/net.d"
`

func startContainerd(ctx context.Context, p *programs) error {
	file := filepath.Join(agentDir, "etc/containerd/config.toml")
	if err := writeSecret(file, []byte(containerdConfig)); err != nil {
		return err
	}
	for _, folder := range []string{"/run/netns", "/opt/cni/bin", "/etc/cni/net.d"} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	if err := p.start("containerd", "--config", file, "--log-level", "warn"); err != nil {
		return err
	}
	return untilTrue(ctx, "containerd is up", func(ctx context.Context) (bool, error) {
		return ctr(ctx, nil, "version") == nil, nil
	})
}

func ctr(ctx context.Context, input io.Reader, args ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(runtimeDir, "ctr"), append([]string{"-a", containerdSocket, "-n", "k8s.io"}, args...)...)
	command.Stdin = input
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("ctr %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// importImages loads every archive of agent/images into containerd, unless it did so with the same file before.
func importImages(ctx context.Context) error {
	record := filepath.Join(agentDir, "images/.imported.yaml")
	imported := map[string]string{}
	if text, err := os.ReadFile(record); err == nil {
		_ = yaml.Unmarshal(text, &imported)
	}
	files, err := filepath.Glob(filepath.Join(agentDir, "images/*.tar*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		stat, err := os.Stat(file)
		if err != nil {
			return err
		}
		mark := fmt.Sprintf("%d %d", stat.Size(), stat.ModTime().UnixNano())
		if imported[file] == mark {
			continue
		}
		info("Importing images from %s", file)
		if err := importArchive(ctx, file); err != nil {
			return err
		}
		imported[file] = mark
		text, err := yaml.Marshal(imported)
		if err != nil {
			return err
		}
		if err := writeSecret(record, text); err != nil {
			return err
		}
	}
	return nil
}

func importArchive(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if !strings.HasSuffix(path, ".zst") {
		return ctr(ctx, file, "images", "import", "-")
	}
	plain, err := zstd.NewReader(file)
	if err != nil {
		return err
	}
	defer plain.Close()
	return ctr(ctx, plain, "images", "import", "-")
}
