package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	manifestsDir   = dataDir + "/server/manifests"
	deployInterval = 15 * time.Second
)

// deployer is RKE2's deploy controller: it applies the files of manifestsDir. There is one in every server, and none
// leads. https://docs.rke2.io/install/packaged_components; the steps are those of k3s' pkg/deploy/controller.go.
type deployer struct {
	addons   *addons
	disabled []string
	// By path, of what was applied; lost when rke2 ends.
	applied map[string]time.Time
}

// startDeploying writes the bundled manifests and applies everything, every 15 s from then on.
func startDeploying(ctx context.Context, s settings) error {
	if err := writeBundled(s); err != nil {
		return err
	}
	addons, err := newAddons(ctx, s)
	if err != nil {
		return err
	}
	d := &deployer{addons: addons, disabled: s.Disable, applied: map[string]time.Time{}}
	go func() {
		// Until a pass has no error, every file is applied again, whatever its time and checksum.
		for force := true; ctx.Err() == nil; {
			if err := d.pass(ctx, force); err != nil {
				fail("Failed to process config: %v", err)
			} else {
				force = false
			}
			select {
			case <-ctx.Done():
			case <-time.After(deployInterval):
			}
		}
	}()
	return nil
}

func (d *deployer) pass(ctx context.Context, force bool) error {
	files := map[string]fs.FileInfo{}
	err := filepath.Walk(manifestsDir, func(path string, file fs.FileInfo, err error) error {
		if err == nil && !file.IsDir() {
			files[path] = file
		}
		return err
	})
	if err != nil {
		return err
	}
	skipped := map[string]bool{}
	paths := []string{}
	for path, file := range files {
		if name, ok := strings.CutSuffix(file.Name(), ".skip"); ok {
			skipped[name] = true
		}
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var troubles []error
	for _, path := range paths {
		if err := d.file(ctx, path, files[path], skipped, force); err != nil {
			troubles = append(troubles, fmt.Errorf("failed to process %s: %w", path, err))
		}
	}
	return errors.Join(troubles...)
}

func (d *deployer) file(ctx context.Context, path string, file fs.FileInfo, skipped map[string]bool, force bool) error {
	name := file.Name()
	if slices.Contains(d.disabled, addonName(path)) {
		return d.addons.remove(ctx, addonName(path), path)
	}
	extension := filepath.Ext(name)
	if skipped[name] || strings.HasPrefix(name, ".") || !slices.Contains([]string{".yaml", ".yml", ".json"}, extension) {
		return nil
	}
	changed := file.ModTime()
	if !force && changed.Equal(d.applied[path]) && !changed.Equal(time.Unix(0, 0)) {
		return nil
	}
	if err := d.deploy(ctx, path, force); err != nil {
		return err
	}
	d.applied[path] = changed
	return nil
}

func (d *deployer) deploy(ctx context.Context, path string, force bool) error {
	addon, err := d.addons.getOrCreate(ctx, addonName(path), path)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		d.addons.warn(addon, "ReadManifestFailed", "Read manifest at %q failed: %v", path, err)
		return err
	}
	sum := sha256.Sum256(content)
	checksum := hex.EncodeToString(sum[:])
	if !force && checksum == addon.checksum() {
		return nil
	}
	objects, err := parseManifest(content)
	if err != nil {
		d.addons.warn(addon, "ParseManifestFailed", "Parse manifest at %q failed: %v", path, err)
		return err
	}
	return d.addons.apply(ctx, addon, path, checksum, objects)
}

// addonName is the file's name up to its first dot: the same file on all servers is one addon.
func addonName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}
