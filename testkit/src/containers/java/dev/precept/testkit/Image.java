package dev.precept.testkit;

import java.util.Locale;
import org.testcontainers.utility.DockerImageName;

/**
 * Container images, pinned by the digest of their multi-platform index. {@code -Dcontainers.kafka=…} and so on override
 * them.
 */
enum Image {
    /** 4.3.1. */
    KAFKA("apache/kafka", "77e3df9054047a88b520d0cc46e16696d3b22022e1d580aeccd2632df6532837"),
    /** 8.3.1. */
    REGISTRY("confluentinc/cp-schema-registry", "f0cfd047a839c1ace54d93b92e3459f0d03dc3b5c9db1192a2246fd79b4f44c4"),
    /** RELEASE.2025-09-07T16-13-09Z. */
    STORE("minio/minio", "14cea493d9a34af32f524e538b8346cf79f3321eff8e708c1e2960462bd8936e");

    private final String repository;
    private final String digest;

    Image(String repository, String digest) {
        this.repository = repository;
        this.digest = digest;
    }

    DockerImageName named() {
        String pinned = repository + "@sha256:" + digest;
        String chosen = System.getProperty("containers." + name().toLowerCase(Locale.ROOT), pinned);
        return DockerImageName.parse(chosen).asCompatibleSubstituteFor(repository);
    }
}
