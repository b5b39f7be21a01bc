// package-chart CHART NAME VERSION VALUES FOLDER: the chart in the folder CHART under another name and version, with
// the file VALUES merged over its own, as FOLDER/NAME-VERSION.tgz.
package main

import (
	"log"
	"os"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"sigs.k8s.io/yaml"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("package-chart: ")
	if len(os.Args) != 6 {
		log.Fatal("usage: package-chart CHART NAME VERSION VALUES FOLDER")
	}
	loaded, err := loader.Load(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	loaded.Metadata.Name, loaded.Metadata.Version = os.Args[2], os.Args[3]
	over, err := chartutil.ReadValuesFile(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	merge(loaded.Values, over)
	if err := replaceValues(loaded); err != nil {
		log.Fatal(err)
	}
	file, err := chartutil.Save(loaded, os.Args[5])
	if err != nil {
		log.Fatal(err)
	}
	log.Print(file)
}

// merge does as Helm does with values: maps are merged, null takes a key away, all else is replaced.
func merge(under, over map[string]any) {
	for key, value := range over {
		below, isMap := under[key].(map[string]any)
		if above, ok := value.(map[string]any); ok && isMap {
			merge(below, above)
			continue
		}
		if value == nil {
			delete(under, key)
			continue
		}
		under[key] = value
	}
}

// Save writes the file values.yaml as it was read, not Values.
func replaceValues(c *chart.Chart) error {
	text, err := yaml.Marshal(c.Values)
	if err != nil {
		return err
	}
	for _, file := range c.Raw {
		if file.Name == chartutil.ValuesfileName {
			file.Data = text
		}
	}
	return nil
}
