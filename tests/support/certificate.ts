/**
 * A certificate of lab.example, made for tests by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 * -subj /CN=lab.example/O=Lab -addext subjectAltName=DNS:lab.example,DNS:www.lab.example`, and its key.
 *
 * @module
 */

/** The key. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyqqCk1XITQoeyC/z
b6rjbYJA8k26u8oth9Q0Kr/oAdWhRANCAAS9cMwZ+U4igAOUO+6StsTgHMe0GJH6
4YsPC1dRn+ctbjnI5xbCGd2UcLahd8f9E9UAp4A9M2aR+su9xXxl9b9y
-----END PRIVATE KEY-----
`;

/** The certificate. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBxzCCAW6gAwIBAgIUCJ8KMX/vyk8LRefE0rPwqeNN8M8wCgYIKoZIzj0EAwIw
JDEUMBIGA1UEAwwLbGFiLmV4YW1wbGUxDDAKBgNVBAoMA0xhYjAgFw0yNjExMjgy
MTEwMTFaGA8yMTI2MTEwNDIxMTAxMVowJDEUMBIGA1UEAwwLbGFiLmV4YW1wbGUx
DDAKBgNVBAoMA0xhYjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABL1wzBn5TiKA
A5Q77pK2xOAcx7QYkfrhiw8LV1Gf5y1uOcjnFsIZ3ZRwtqF3x/0T1QCngD0zZpH6
y73FfGX1v3KjfDB6MB0GA1UdDgQWBBQX+3rJ4scWBbzTwoZGC3HbvtoWHTAfBgNV
HSMEGDAWgBQX+3rJ4scWBbzTwoZGC3HbvtoWHTAPBgNVHRMBAf8EBTADAQH/MCcG
A1UdEQQgMB6CC2xhYi5leGFtcGxlgg93d3cubGFiLmV4YW1wbGUwCgYIKoZIzj0E
AwIDRwAwRAIgb8vBsotyemQx7TcF1+TQdExCgrYM/ukekbhN43mrse4CIEHqhLuA
YfNpL2YPjXqcA5oDJ4t0ZYVLrbLi3hTWToBN
-----END CERTIFICATE-----
`;
