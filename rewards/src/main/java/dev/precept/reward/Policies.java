package dev.precept.reward;

import dev.precept.dataset.Layout;
import dev.precept.judging.Excerpts;
import dev.precept.judging.SpecificationSource;
import dev.precept.reward.NoRewardException.Cause;
import dev.precept.spec.SpecException;
import dev.precept.spec.Specification;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The excerpts that answers are judged by: of the recipe's specification, and of those that the dataset keeps. Thread-safe. */
final class Policies implements SpecificationSource {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Specification own;
    private final Optional<ObjectStore> dataset;
    private final Optional<List<String>> unlabelled;
    private final Map<String, Specification> known = new ConcurrentHashMap<>();
    private final Excerpts excerpts = new Excerpts(this);

    /**
     * @param own of the recipe
     * @param dataset with the specifications of its runs
     * @param unlabelled the categories whose clauses judge a prompt without one: all of {@code own}, or none for its summary;
     *     empty if such a prompt is refused. A prompt of another specification is judged by all or the summary of that one.
     */
    Policies(Specification own, Optional<ObjectStore> dataset, Optional<List<String>> unlabelled) {
        this.own = own;
        this.dataset = dataset;
        this.unlabelled = unlabelled;
        known.put(own.version(), own);
    }

    Excerpts excerpts() {
        return excerpts;
    }

    @Override
    public Specification awaitVersion(String version) {
        Specification specification = known.get(version);
        if (specification == null) {
            throw new IllegalStateException("specification " + version + " was not read");
        }
        return specification;
    }

    /**
     * The excerpt that a label names.
     *
     * @throws BadRequestException if it names none, or one that is not here
     */
    Excerpts.EncodedExcerpt of(String where, Label label)
            throws BadRequestException, NoRewardException, InterruptedException {
        Specification specification = label.specVersion().isEmpty()
                ? own
                : specification(where, label.specVersion().get());
        List<String> unknown = specification.unknownCategories(label.categories());
        if (!unknown.isEmpty()) {
            throw new BadRequestException(where + ".category: the specification has no category of this name; it has "
                    + String.join(", ", specification.categories()));
        }
        if (label.excerptSha256().isPresent()) {
            return bySha256(where, specification, label, label.excerptSha256().get());
        }
        if (!label.categories().isEmpty()) {
            return excerpts.resolve(specification.version(), label.categories());
        }
        List<String> whole = unlabelled.orElseThrow(() -> new BadRequestException(
                where + ".category: is missing; send it in the label, or set prompts.unlabelled in the recipe"));
        boolean isOwn = specification.version().equals(own.version());
        return excerpts.resolve(specification.version(), whole.isEmpty() || isOwn ? whole : specification.categories());
    }

    private Excerpts.EncodedExcerpt bySha256(String where, Specification specification, Label label, String sha256)
            throws BadRequestException, InterruptedException {
        for (List<String> categories : candidates(specification, label)) {
            Excerpts.EncodedExcerpt excerpt = excerpts.resolve(specification.version(), categories);
            if (excerpt.excerpt().sha256().equals(sha256)) {
                return excerpt;
            }
        }
        throw new BadRequestException(where + ".spec_excerpt_sha256: is no excerpt of specification "
                + specification.version().substring(0, 12)
                + (label.categories().isEmpty() ? " for one category; send the category too" : " for this category")
                + (label.specVersion().isEmpty() ? "; send spec_version, and start the service with --dataset" : ""));
    }

    /** A prompt without a category may have been admitted with none, or with the whole specification. */
    private static List<List<String>> candidates(Specification specification, Label label) {
        if (!label.categories().isEmpty()) {
            return List.of(label.categories());
        }
        List<List<String>> candidates = new ArrayList<>(List.of(List.of(), specification.categories()));
        specification.categories().forEach(category -> candidates.add(List.of(category)));
        return candidates;
    }

    private Specification specification(String where, String version) throws BadRequestException, NoRewardException {
        Specification specification = known.get(version);
        if (specification != null) {
            return specification;
        }
        if (!SHA256.matcher(version).matches()) {
            throw new BadRequestException(where + ".spec_version: is no SHA-256 of a specification");
        }
        Specification read = read(version)
                .orElseThrow(() -> new BadRequestException(where + ".spec_version: " + version.substring(0, 12)
                        + " is not the recipe's specification"
                        + (dataset.isEmpty()
                                ? "; start the service with --dataset"
                                : ", and the dataset does not keep it")));
        if (!read.version().equals(version)) {
            throw new NoRewardException(
                    Cause.STORE,
                    Layout.specification(version) + " holds another specification; put it back from a backup");
        }
        known.put(version, read);
        return read;
    }

    private Optional<Specification> read(String version) throws NoRewardException {
        if (dataset.isEmpty()) {
            return Optional.empty();
        }
        try {
            return dataset.get()
                    .read(Layout.specification(version))
                    .map(bundle -> Specification.fromBundle(new String(bundle, StandardCharsets.UTF_8)));
        } catch (IOException | SpecException e) {
            throw new NoRewardException(
                    Cause.STORE, "a specification of the dataset cannot be read: " + e.getMessage());
        }
    }
}
