package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/rancher/wrangler/v3/pkg/objectset"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// parseManifest reads every document of a file; a List is what is in it.
func parseManifest(content []byte) (*objectset.ObjectSet, error) {
	set := objectset.NewObjectSet()
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return set, nil
		}
		if err != nil {
			return nil, err
		}
		if isEmpty(document) {
			continue
		}
		text, err := yaml.ToJSON(document)
		if err != nil {
			return nil, err
		}
		object, _, err := unstructured.UnstructuredJSONScheme.Decode(text, nil, nil)
		if err != nil {
			return nil, err
		}
		if list, ok := object.(*unstructured.UnstructuredList); ok {
			for i := range list.Items {
				set.Add(&list.Items[i])
			}
			continue
		}
		set.Add(object.(runtime.Object))
	}
}

// isEmpty is true for white space, comments and separators.
func isEmpty(document []byte) bool {
	for _, line := range strings.Split(string(document), "\n") {
		if line = strings.TrimSpace(line); line != "" && line != "---" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}
