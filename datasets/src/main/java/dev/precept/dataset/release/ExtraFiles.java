package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.evidence.StoredSpecifications;
import dev.precept.dataset.view.ExcerptPath;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.spec.Excerpt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a version for readers beside its rows: its description for machines, the excerpts of specifications that rows for reinforcement learning name,
 * by which a judge scores answers, the prompts of the user's own that made the rows, and the list of data sets that
 * LLaMA-Factory reads. For one thread.
 */
final class ExtraFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ExtraFiles.class);
    private static final String LLAMA_FACTORY = "llama-factory/dataset_info.json";

    /** The paths of such files. */
    static final String PATTERN =
            "croissant\\.json|llama-factory/dataset_info\\.json|specs/[^/]+/excerpts/[0-9a-f]{64}\\.md"
                    + "|templates/[0-9a-f]{64}\\.md";

    private final Dataset dataset;
    private final Map<String, byte[]> files = new TreeMap<>();
    private int missing;

    private ExtraFiles(Dataset dataset) {
        this.dataset = dataset;
    }

    /** @param version with the counts of all shards */
    static ExtraFiles of(
            Dataset dataset, StoredSpecifications specifications, ManifestBuilder version, JsonNode evidence)
            throws IOException {
        ExtraFiles extra = new ExtraFiles(dataset);
        for (StoredSpecifications.ExcerptKey key : version.excerpts()) {
            Optional<Excerpt> excerpt = specifications.excerpt(key);
            excerpt.ifPresent(found -> extra.files.put(
                    ExcerptPath.of(key.specVersion(), key.sha256()),
                    found.text().getBytes(StandardCharsets.UTF_8)));
            extra.missing += excerpt.isPresent() ? 0 : 1;
        }
        extra.addTemplates(version);
        if (version.rows(View.SFT_THINK, Split.TRAIN) > 0
                && !version.selection().format().json()) {
            extra.files.put(LLAMA_FACTORY, llamaFactory(version));
        }
        extra.files.put(Layout.CROISSANT, Croissant.render(version, evidence));
        return extra;
    }

    private void addTemplates(ManifestBuilder version) throws IOException {
        for (String column : List.of(RowCounts.GENERATOR_TEMPLATE, RowCounts.JUDGE_TEMPLATE)) {
            for (String name : version.histogram(column).keySet()) {
                if (Layout.isTemplateFile(name)) {
                    Optional<byte[]> text = dataset.store()
                            .read(Layout.template(name))
                            .filter(found -> Sha256.hex(found).equals(name));
                    text.ifPresent(found -> files.put(Layout.template(name), found));
                    if (text.isEmpty()) {
                        LOG.atWarn()
                                .addKeyValue("template", name)
                                .log("the text of a prompt template is missing or changed; releasing without it");
                    }
                }
            }
        }
    }

    /** By path below the folder of the version. */
    Map<String, byte[]> files() {
        return files;
    }

    List<Manifest.FileEntry> entries() {
        return files.entrySet().stream()
                .map(file -> new Manifest.FileEntry(file.getKey(), file.getValue().length, Sha256.hex(file.getValue())))
                .toList();
    }

    /** Excerpts that rows name and that could not be composed. */
    int missing() {
        return missing;
    }

    /**
     * LLaMA-Factory reads the content of messages only, so it is given the view with the reasoning inline. A version with tools
     * has no such list: the converter that reads tool calls drops the reasoning before a call, and adds "detailed thinking off"
     * to the system turn of rows without tools.
     */
    private static byte[] llamaFactory(ManifestBuilder version) {
        ObjectNode sets = new ObjectMapper().createObjectNode();
        for (Split split : Split.values()) {
            if (version.rows(View.SFT_THINK, split) > 0) {
                String suffix = split == Split.TRAIN ? "" : "_" + split.label();
                llamaFactory(split, sets.putObject("precept_sft_think" + suffix));
            }
        }
        return Dataset.pretty(sets);
    }

    private static void llamaFactory(Split split, ObjectNode set) {
        set.put("file_name", "../" + View.SFT_THINK.label() + "/" + split.label());
        set.put("formatting", "sharegpt");
        set.putObject("columns").put("messages", "messages");
        set.putObject("tags")
                .put("role_tag", "role")
                .put("content_tag", "content")
                .put("user_tag", "user")
                .put("assistant_tag", "assistant")
                .put("system_tag", "system");
    }
}
