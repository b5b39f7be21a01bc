package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// tlsDir has RKE2's file names in it.
const tlsDir = dataDir + "/server/tls"

// What a server that joins must get from one that is in the cluster.
var authorities = []string{"server-ca", "client-ca", "request-header-ca", "etcd/server-ca", "etcd/peer-ca"}

const serviceKey = "service.key"

// authorityFiles are the secrets of the cluster: certificates and keys of the authorities, key of ServiceAccounts.
func authorityFiles() []string {
	files := []string{serviceKey}
	for _, name := range authorities {
		files = append(files, name+".crt", name+".key")
	}
	return files
}

// makeAuthorities makes what a new cluster needs, once.
func makeAuthorities() error {
	for _, name := range authorities {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		template := &x509.Certificate{
			Subject:               pkix.Name{CommonName: fmt.Sprintf("rke2-%s@%d", filepath.Base(name), time.Now().Unix())},
			IsCA:                  true,
			BasicConstraintsValid: true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		}
		signed, err := sign(template, template, key, key)
		if err != nil {
			return err
		}
		if err := writePair(filepath.Join(tlsDir, name), signed, key); err != nil {
			return err
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	return writePEM(filepath.Join(tlsDir, serviceKey), "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

// leaf is a certificate that an authority of the cluster signs.
type leaf struct {
	file, authority string
	name            string
	groups          []string
	server, client  bool
	// Names and addresses, for a server.
	sans []string
}

// issue writes the certificate below tlsDir, unless it is there.
func (l leaf) issue() error {
	if l.isCurrent() {
		return nil
	}
	certificate, key, err := l.pair()
	if err != nil {
		return err
	}
	return writePair(filepath.Join(tlsDir, l.file), certificate, key)
}

// encoded is the certificate and its key as PEM.
func (l leaf) encoded() (certificate, key []byte, err error) {
	signed, private, err := l.pair()
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(private)
	encode := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	return encode("CERTIFICATE", signed), encode("EC PRIVATE KEY", der), err
}

func (l leaf) pair() ([]byte, *ecdsa.PrivateKey, error) {
	parent, parentKey, err := readAuthority(l.authority)
	if err != nil {
		return nil, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: l.name, Organization: l.groups},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: l.usages(),
	}
	for _, san := range l.sans {
		if ip := net.ParseIP(san); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, san)
		}
	}
	certificate, err := sign(template, parent, key, parentKey)
	return certificate, key, err
}

func (l leaf) usages() (usages []x509.ExtKeyUsage) {
	if l.server {
		usages = append(usages, x509.ExtKeyUsageServerAuth)
	}
	if l.client {
		usages = append(usages, x509.ExtKeyUsageClientAuth)
	}
	return usages
}

func sign(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().AddDate(1, 0, 0)
	return x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
}

func readAuthority(name string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	certificate, err := readPEM(filepath.Join(tlsDir, name+".crt"))
	if err != nil {
		return nil, nil, err
	}
	key, err := readPEM(filepath.Join(tlsDir, name+".key"))
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, nil, err
	}
	parsedKey, err := x509.ParseECPrivateKey(key)
	return parsed, parsedKey, err
}

func writePair(path string, certificate []byte, key *ecdsa.PrivateKey) error {
	if err := writePEM(path+".crt", "CERTIFICATE", certificate); err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path+".key", "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	return writeSecret(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func readPEM(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is not PEM", path)
	}
	return block.Bytes, nil
}

// writeSecret replaces a file at once, mode 0600, with its folder.
func writeSecret(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
