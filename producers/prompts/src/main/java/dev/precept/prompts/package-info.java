/** The app that reads prompts from files and publishes each under its content id. */
@NullMarked
package dev.precept.prompts;

import org.jspecify.annotations.NullMarked;
