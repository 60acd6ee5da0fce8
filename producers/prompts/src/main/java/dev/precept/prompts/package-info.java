/** The app that reads prompts and publishes them, each under its content id. */
@NullMarked
package dev.precept.prompts;

import org.jspecify.annotations.NullMarked;
