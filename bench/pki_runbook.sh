#!/usr/bin/env bash
# What the runbook's Step 1.0-GEN runs, blocks 0 and a to d, in the folder $1 with $2 PBKDF2
# iterations: the same openssl processes in the same order, with names of an example site.
set -euo pipefail
cd "$1"
iterations=$2
mkdir -p issuing-ca controller-ca controller
openssl version >/dev/null
for name in issuing-ca controller-ca; do
  (
    cd "$name"
    openssl rand -base64 32 | tr -d '\n' >passphrase.txt
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out plain.key
    openssl pkcs8 -topk8 -v2 aes-256-cbc -iter "$iterations" -in plain.key \
      -passout file:passphrase.txt -out "$name.key.enc"
    rm plain.key
    openssl req -new -x509 -sha384 -key "$name.key.enc" -passin file:passphrase.txt -days 3650 \
      -subj "/CN=Example $name/O=Example" -out "$name.cert.pem"
    openssl x509 -in "$name.cert.pem" -noout -dates -subject >/dev/null
    openssl verify -CAfile "$name.cert.pem" "$name.cert.pem" >/dev/null
  )
done
cd controller
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out controller.key
cat >controller.cnf <<'CNF'
[req]
distinguished_name = names
prompt = no
[names]
CN = octavia-controller.example.org
O = Example
[v3_req]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth, serverAuth
subjectAltName = DNS:octavia-controller.example.org, IP:192.0.2.57
CNF
openssl req -new -sha256 -key controller.key -config controller.cnf -out controller.csr
openssl x509 -req -sha256 -in controller.csr -CA ../controller-ca/controller-ca.cert.pem \
  -CAkey ../controller-ca/controller-ca.key.enc -passin file:../controller-ca/passphrase.txt \
  -CAcreateserial -days 730 -extfile controller.cnf -extensions v3_req -out controller.cert.pem \
  2>/dev/null
openssl verify -CAfile ../controller-ca/controller-ca.cert.pem controller.cert.pem >/dev/null
openssl x509 -in controller.cert.pem -noout -ext subjectAltName >/dev/null
openssl x509 -in controller.cert.pem -noout -dates >/dev/null
cat controller.cert.pem controller.key >controller.bundle.pem
cd ..
{
  printf 'applications:\n  octavia:\n    options:\n'
  printf '      lb-mgmt-issuing-cacert: "%s"\n' "$(base64 -w0 issuing-ca/issuing-ca.cert.pem)"
  printf '      lb-mgmt-issuing-ca-private-key: "%s"\n' "$(base64 -w0 issuing-ca/issuing-ca.key.enc)"
  printf '      lb-mgmt-issuing-ca-key-passphrase: "%s"\n' "$(cat issuing-ca/passphrase.txt)"
  printf '      lb-mgmt-controller-cacert: "%s"\n' \
    "$(base64 -w0 controller-ca/controller-ca.cert.pem)"
  printf '      lb-mgmt-controller-cert: "%s"\n' "$(base64 -w0 controller/controller.bundle.pem)"
} >overlay.yaml
