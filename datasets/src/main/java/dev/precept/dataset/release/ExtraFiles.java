package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.view.ExcerptPath;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.spec.Excerpt;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a version for readers beside its rows: the excerpts of specifications that rows for reinforcement learning name,
 * by which a judge scores answers, the prompts of the user's own that made the rows, and the list of data sets that
 * LLaMA-Factory reads. For one thread.
 */
final class ExtraFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ExtraFiles.class);
    private static final String LLAMA_FACTORY = "llama-factory/dataset_info.json";

    /** The paths of such files. */
    static final String PATTERN =
            "llama-factory/dataset_info\\.json|specs/[^/]+/excerpts/[0-9a-f]{64}\\.md" + "|templates/[0-9a-f]{64}\\.md";

    private final Dataset dataset;
    private final Map<String, Optional<Specification>> specifications = new HashMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();
    private int missing;

    private ExtraFiles(Dataset dataset) {
        this.dataset = dataset;
    }

    /** @param version with the counts of all shards */
    static ExtraFiles of(Dataset dataset, ManifestBuilder version) throws IOException {
        ExtraFiles extra = new ExtraFiles(dataset);
        for (RowCounts.ExcerptKey key : version.excerpts()) {
            Optional<Excerpt> excerpt = extra.excerpt(key);
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

    /** The excerpt with this hash; empty if another version of Precept composed it, or the bundle is missing. */
    private Optional<Excerpt> excerpt(RowCounts.ExcerptKey key) throws IOException {
        Optional<Specification> specification = specification(key.specVersion());
        if (specification.isEmpty()) {
            return Optional.empty();
        }
        // A prompt without a category may have been admitted with the whole specification.
        List<List<String>> choices = key.categories().isEmpty()
                ? List.of(List.of(), specification.get().categories())
                : List.of(key.categories());
        for (List<String> categories : choices) {
            if (specification.get().unknownCategories(categories).isEmpty()) {
                Excerpt excerpt = specification.get().excerpt(categories);
                if (excerpt.sha256().equals(key.sha256())) {
                    return Optional.of(excerpt);
                }
            }
        }
        LOG.atWarn()
                .addKeyValue("specification", key.specVersion())
                .addKeyValue("excerpt", key.sha256())
                .log("this program composes another excerpt than the one that the prompts were judged by");
        return Optional.empty();
    }

    private Optional<Specification> specification(String version) throws IOException {
        Optional<Specification> known = specifications.get(version);
        if (known == null) {
            known = read(version);
            specifications.put(version, known);
        }
        return known;
    }

    private Optional<Specification> read(String version) throws IOException {
        Optional<byte[]> bundle = dataset.store().read(Layout.specification(version));
        try {
            if (bundle.isPresent()) {
                return Optional.of(Specification.fromBundle(new String(bundle.get(), StandardCharsets.UTF_8)));
            }
            LOG.atWarn().addKeyValue("specification", version).log("the bundle of a specification is missing");
        } catch (SpecException e) {
            LOG.atWarn()
                    .addKeyValue("specification", version)
                    .setCause(e)
                    .log("the bundle of a specification cannot be read");
        }
        return Optional.empty();
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
