package dev.precept.workers;

import dev.precept.records.Prompt;
import dev.precept.spec.Excerpt;

/** The excerpt a prompt was admitted under, and no other. */
final class Excerpts {
    private Excerpts() {}

    static Excerpt of(Specifications specifications, Prompt prompt) throws InterruptedException {
        Excerpt excerpt = specifications.of(prompt.getSpecVersion()).excerpt(prompt.getCategories());
        if (!excerpt.sha256().equals(prompt.getSpecExcerptSha256())) {
            throw new IllegalStateException("the excerpt of specification " + prompt.getSpecVersion() + " has hash "
                    + excerpt.sha256() + ", the task names " + prompt.getSpecExcerptSha256());
        }
        return excerpt;
    }
}
