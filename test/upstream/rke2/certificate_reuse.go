package main

import (
	"crypto/x509"
	"path/filepath"
	"slices"
	"time"
)

// RKE2 renews at a start what ends within so long: https://docs.rke2.io/security/certificates
const renewBefore = 120 * 24 * time.Hour

// isCurrent is true for a certificate on the disk that says what it would say when issued now. It is kept: the
// kubeconfig that people took from here stays as it is.
func (l leaf) isCurrent() bool {
	der, err := readPEM(filepath.Join(tlsDir, l.file+".crt"))
	if err != nil {
		return false
	}
	is, err := x509.ParseCertificate(der)
	if err != nil {
		return false
	}
	parent, _, err := readAuthority(l.authority)
	if err != nil || is.CheckSignatureFrom(parent) != nil {
		return false
	}
	sans := slices.Clone(is.DNSNames)
	for _, ip := range is.IPAddresses {
		sans = append(sans, ip.String())
	}
	return time.Until(is.NotAfter) > renewBefore && slices.Equal(sorted(sans), sorted(l.sans))
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}
