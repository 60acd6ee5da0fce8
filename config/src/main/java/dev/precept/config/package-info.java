/** The recipe: sections and settings that are declared by reading them, and all problems reported at once. */
@NullMarked
package dev.precept.config;

import org.jspecify.annotations.NullMarked;
