package dev.precept.config;

/**
 * One key of a recipe, as its reader declared it: the source of the reference page.
 *
 * @param key dotted, as in {@code generator.samples}
 * @param type what a value looks like
 * @param defaultValue the default as text, or what happens without the key
 * @param description one sentence
 */
public record Setting(String key, String type, String defaultValue, String description) {}
