package dev.precept.runtime.http;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's certificate and its key, in PEM files, as a Kubernetes Secret of the type TLS holds them.
 *
 * @param certificate the chain, the server's own first
 * @param key in PKCS 8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
    private static final Pattern PKCS_8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /**
     * Reads both files.
     *
     * @param password of the returned store
     * @throws ConfigurationException if they hold no certificate or no key
     */
    KeyStore keyStore(char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("server", privateKey(), password, chain());
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot keep " + certificate + " and " + key, e);
        }
    }

    private Certificate[] chain() {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(certificate)))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new ConfigurationException(certificate + ": holds no certificate; name a PEM file");
            }
            return chain;
        } catch (CertificateException e) {
            throw new ConfigurationException(certificate + ": is no certificate in PEM (" + e.getMessage() + ")");
        }
    }

    private PrivateKey privateKey() {
        Matcher pem = PKCS_8.matcher(new String(read(key), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new ConfigurationException(
                    key + ": holds no 'BEGIN PRIVATE KEY'; convert it with 'openssl pkcs8 -topk8" + " -nocrypt'");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        return ALGORITHMS.stream()
                .flatMap(algorithm -> parse(algorithm, encoded).stream())
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(
                        key + ": is a key of no known kind; use one of " + String.join(", ", ALGORITHMS)));
    }

    /** Empty for a key of another algorithm. */
    private static Optional<PrivateKey> parse(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read (" + FileErrors.describe(e) + ")");
        }
    }
}
