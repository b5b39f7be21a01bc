package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority is the cluster's CA, the same on every server.
type authority struct {
	CertPEM, KeyPEM []byte
}

var tlsDir = filepath.Join(dataDir, "server", "tls")

// loadAuthority reads the CA, or makes it where there is none yet.
func loadAuthority() (authority, error) {
	cert, certErr := os.ReadFile(filepath.Join(tlsDir, "server-ca.crt"))
	key, keyErr := os.ReadFile(filepath.Join(tlsDir, "server-ca.key"))
	if certErr == nil && keyErr == nil {
		return authority{cert, key}, nil
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "rke2-server-ca"},
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return authority{}, err
	}
	ca := authority{pemOf("CERTIFICATE", der), keyPEM(private)}
	return ca, ca.save()
}

func (a authority) save() error {
	if err := writeFile(filepath.Join(tlsDir, "server-ca.crt"), a.CertPEM, 0o644); err != nil {
		return err
	}
	return writeFile(filepath.Join(tlsDir, "server-ca.key"), a.KeyPEM, 0o600)
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(a.CertPEM)
	return pool
}

// issue makes a certificate for a server (names given) or a client (none).
func (a authority) issue(subject pkix.Name, names []string) (certPEM, keyPEMBytes []byte, err error) {
	parent, err := tls.X509KeyPair(a.CertPEM, a.KeyPEM)
	if err != nil {
		return nil, nil, err
	}
	ca, err := x509.ParseCertificate(parent.Certificate[0])
	if err != nil {
		return nil, nil, err
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, &private.PublicKey, parent.PrivateKey)
	if err != nil {
		return nil, nil, err
	}
	return pemOf("CERTIFICATE", der), keyPEM(private), nil
}

// admin is the identity of the kubeconfig.
var admin = pkix.Name{CommonName: "system:admin", Organization: []string{"system:masters"}}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func keyPEM(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pemOf("EC PRIVATE KEY", der)
}

// writeFile makes missing folders, and lets nobody see a half-written file.
func writeFile(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	beside := path + ".part"
	if err := os.WriteFile(beside, content, mode); err != nil {
		return err
	}
	return os.Rename(beside, path)
}
