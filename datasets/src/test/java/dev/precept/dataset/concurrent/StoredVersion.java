package dev.precept.dataset.concurrent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.dataset.concurrent.Topics.Row;
import dev.precept.dataset.concurrent.Topics.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A version as its manifest describes it. */
final class StoredVersion {
    private final String name;
    private final JsonNode manifest;
    private final Map<String, String> sha256 = new TreeMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Set<String> withdrawnIds = new HashSet<>();
    private final Set<String> withdrawnTokens = new HashSet<>();
    private final Set<String> withdrawnSources = new HashSet<>();
    private final Set<Long> withdrawals = new TreeSet<>();
    private final Topics topics;

    StoredVersion(String name, JsonNode manifest, Topics topics) {
        this.name = name;
        this.manifest = manifest;
        this.topics = topics;
        collectFiles(manifest);
        for (JsonNode end : manifest.path("offsets")) {
            String chain =
                    end.path("topic").asText() + "-" + end.path("topic_id").asText() + "-"
                            + end.path("partition").asInt();
            offsets.put(chain, end.path("to").asLong());
        }
        for (JsonNode withdrawal : manifest.path("recipe").path("withdrawals")) {
            withdrawals.add(withdrawal.path("number").asLong());
            withdrawnSources.add(withdrawal.path("source").asText());
            Set<String> ids = new HashSet<>();
            withdrawal.path("sample_ids").forEach(id -> ids.add(id.asText()));
            withdrawnIds.addAll(ids);
            Topics.CHAINS.forEach(chain -> topics.records(chain).stream()
                    .filter(row -> ids.contains(row.id()))
                    .forEach(row -> withdrawnTokens.add(row.token())));
        }
    }

    /** Every object with a path and a hash describes a file. */
    private void collectFiles(JsonNode json) {
        if (json.hasNonNull("path") && json.hasNonNull("sha256")) {
            sha256.put(
                    "releases/" + name + "/" + json.path("path").asText(),
                    json.path("sha256").asText());
        }
        json.forEach(this::collectFiles);
    }

    String name() {
        return name;
    }

    Map<String, Long> offsets() {
        return offsets;
    }

    /** The numbers of the withdrawals that the version heeds. */
    Set<Long> withdrawals() {
        return withdrawals;
    }

    List<String> views() {
        List<String> views = new ArrayList<>();
        manifest.path("views").fieldNames().forEachRemaining(views::add);
        return views;
    }

    int shards() {
        return manifest.path("recipe").path("shards").asInt();
    }

    /** The hashes of the files of a view, by path below the folder of the version. */
    Map<String, String> filesOf(String view) {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode shard : manifest.path("views").path(view)) {
            found.put(shard.path("path").asText(), shard.path("sha256").asText());
        }
        return found;
    }

    boolean isWithdrawn(Row row) {
        return withdrawnTokens.contains(row.token()) || withdrawnSources.contains(row.source());
    }

    /** Whether the manifest names a withdrawal of what the selector selects, for whatever reason. */
    boolean withdraws(Selector selector) {
        return switch (selector.member()) {
            case "sample" -> withdrawnIds.contains(selector.value());
            default -> withdrawnSources.contains(selector.value());
        };
    }

    /** The rows before the offsets of the version. */
    Stream<Row> covered(Topics of) {
        return offsets.entrySet().stream()
                .flatMap(end ->
                        of.records(end.getKey()).stream().limit(end.getValue()).filter(row -> !row.isEnd()));
    }

    /** The first file that is not as the manifest says; empty if there is none. */
    String firstDifference(StoredFiles files) {
        for (Map.Entry<String, String> file : sha256.entrySet()) {
            Optional<StoredFiles.Content> content = files.find(file.getKey());
            if (content.isEmpty()) {
                return file.getKey() + " is missing";
            } else if (!content.get().sha256().equals(file.getValue())) {
                return file.getKey() + " has other bytes";
            }
        }
        return "";
    }

    /** What is wrong with the rows of its views of samples: each text that is not withdrawn is there once. */
    Optional<String> firstWrongRow(StoredFiles files, Predicate<Row> mayBeRemoved) {
        Map<String, Set<String>> idsOfText = new HashMap<>();
        Set<String> required = new HashSet<>();
        covered(topics).filter(row -> row.isSample() && !isWithdrawn(row)).forEach(row -> {
            idsOfText.computeIfAbsent(row.token(), token -> new HashSet<>()).add(row.id());
            if (!mayBeRemoved.test(row)) {
                required.add(row.token());
            }
        });
        for (String view : List.of("sft", "sft-think", "raw")) {
            if (!views().contains(view)) {
                continue;
            }
            List<String> stored = new ArrayList<>();
            for (String path : filesOf(view).keySet()) {
                Optional<StoredFiles.Content> content = files.find("releases/" + name + "/" + path);
                if (content.isEmpty()) {
                    return Optional.empty(); // a purge deletes the version
                }
                stored.addAll(content.get().ids());
            }
            for (Map.Entry<String, Set<String>> text : idsOfText.entrySet()) {
                long times = stored.stream().filter(text.getValue()::contains).count();
                if (times > 1 || (times == 0 && required.contains(text.getKey()))) {
                    return Optional.of(" has " + times + " rows of " + text + " in " + view);
                }
                stored.removeAll(text.getValue());
            }
            if (!stored.isEmpty()) {
                return Optional.of(" has rows in " + view + " that it must not have: " + stored);
            }
        }
        return Optional.empty();
    }
}
