package dev.precept.dataset.removal;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.template.BrokenTemplateException;
import dev.precept.dataset.template.ChatTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The chat templates for versions that are made again without some rows. Rows leave such a version, but the pair of another
 * row may come in, which no template saw: so it is checked like the version before.
 *
 * @param given templates, of which a version uses those that it was checked with
 * @param unchecked whether a version may be made without a template that it was checked with
 */
public record RemovalTemplates(List<ChatTemplate> given, boolean unchecked) {
    /** No templates: only for versions that were made without one. */
    public static final RemovalTemplates NONE = new RemovalTemplates(List.of(), false);

    public RemovalTemplates {
        given = List.copyOf(given);
    }

    /** @throws ConfigurationException if a file is not a template */
    public static RemovalTemplates read(List<Path> files, boolean unchecked) {
        List<ChatTemplate> templates = new ArrayList<>();
        for (Path file : files) {
            try {
                templates.add(ChatTemplate.read(file));
            } catch (BrokenTemplateException e) {
                throw new ConfigurationException("--template: " + e.getMessage());
            }
        }
        return new RemovalTemplates(templates, unchecked);
    }

    /**
     * The settings of a version, under another name.
     *
     * @throws ConfigurationException if a template that it was checked with is missing
     */
    ReleaseSettings settings(Manifest version, String name) {
        List<ChatTemplate> used = given.stream()
                .filter(template -> version.recipe().templates().stream()
                        .anyMatch(known -> known.sha256().equals(template.sha256())))
                .toList();
        ReleaseSettings settings = ReleaseSettings.fromManifest(version, name).withTemplates(used);
        if (!unchecked) {
            settings.requireTemplatesOf(version);
        }
        return settings;
    }
}
