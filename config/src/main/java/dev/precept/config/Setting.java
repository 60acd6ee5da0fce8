package dev.precept.config;

/**
 * One declared key of a recipe; the reference page is generated from these.
 *
 * @param key dotted, as in {@code generator.samples}
 * @param type the allowed values, in words
 * @param defaultValue the default as text, or what applies without the key
 * @param description one sentence
 */
public record Setting(String key, String type, String defaultValue, String description) {}
