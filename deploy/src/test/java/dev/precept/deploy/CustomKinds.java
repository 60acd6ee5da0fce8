package dev.precept.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Validates documents of operators' kinds: Strimzi's against the CRDs that its generator derives from its published
 * classes, the Prometheus operator's against published classes, KEDA's against the schemas in {@code keda.yaml}.
 */
final class CustomKinds {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Class<?>> STRIMZI = Map.of(
            "Kafka", Kafka.class,
            "KafkaNodePool", KafkaNodePool.class,
            "KafkaTopic", KafkaTopic.class,
            "KafkaUser", KafkaUser.class);
    private static final Map<String, Class<?>> MONITORING =
            Map.of("PodMonitor", PodMonitor.class, "PrometheusRule", PrometheusRule.class);
    private static final CustomKinds ALL = new CustomKinds();

    private final ObjectMapper strict = strict();
    private final Map<String, StructuralSchema> schemas = new HashMap<>();

    private CustomKinds() {
        strimzi().forEach((kind, structuralSchema) -> schemas.put("kafka.strimzi.io/v1/" + kind, structuralSchema));
        keda().forEach((kind, structuralSchema) -> schemas.put("keda.sh/v1alpha1/" + kind, structuralSchema));
    }

    /** Problems of a document of an operator's kind. */
    static List<String> problems(Manifest manifest) {
        return ALL.check(manifest);
    }

    private List<String> check(Manifest manifest) {
        Class<?> type = MONITORING.get(manifest.kind());
        if (manifest.apiVersion().equals("monitoring.coreos.com/v1") && type != null) {
            return typed(manifest, type);
        }
        StructuralSchema structuralSchema = schemas.get(manifest.apiVersion() + "/" + manifest.kind());
        return structuralSchema == null
                ? List.of(": unknown kind " + manifest.apiVersion() + " " + manifest.kind())
                : structuralSchema.problems(manifest.json());
    }

    private List<String> typed(Manifest manifest, Class<?> type) {
        try {
            strict.treeToValue(manifest.json(), type);
            return List.of();
        } catch (JsonProcessingException e) {
            return List.of(": " + e.getOriginalMessage());
        }
    }

    /** Rejects undeclared fields and values of another type. */
    private static ObjectMapper strict() {
        ObjectMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public Boolean hasAnySetter(Annotated annotated) {
                        return false;
                    }
                })
                .build();
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    private static Map<String, StructuralSchema> strimzi() {
        try {
            Path folder = Files.createTempDirectory("crds");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.strimzi.crdgenerator.CrdGenerator",
                    "--yaml"));
            STRIMZI.forEach((kind, type) -> command.add(type.getName() + "=" + folder.resolve(kind)));
            ExternalCommand.output(command);
            Map<String, StructuralSchema> generated = new HashMap<>();
            for (String kind : STRIMZI.keySet()) {
                JsonNode crd = YAML.readTree(folder.resolve(kind).toFile());
                JsonNode version = crd.at("/spec/versions/0");
                generated.put(kind, new StructuralSchema(version.at("/schema/openAPIV3Schema")));
                Files.delete(folder.resolve(kind));
            }
            Files.delete(folder);
            return generated;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, StructuralSchema> keda() {
        try (InputStream resource = Objects.requireNonNull(CustomKinds.class.getResourceAsStream("keda.yaml"))) {
            Map<String, StructuralSchema> read = new HashMap<>();
            YAML.readTree(resource)
                    .properties()
                    .forEach(kind -> read.put(kind.getKey(), new StructuralSchema(kind.getValue())));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
