/** The port to a language model, and what its callers need around one: a backoff, a secret, text made safe to send. */
@NullMarked
package dev.precept.model;

import org.jspecify.annotations.NullMarked;
