/** The recipe: sections and settings are declared by reading them, and all problems are reported together. */
@NullMarked
package dev.precept.config;

import org.jspecify.annotations.NullMarked;
