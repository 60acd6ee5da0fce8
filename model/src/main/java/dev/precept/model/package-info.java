/**
 * Requests to a language model: {@link dev.precept.model.ChatModel}, messages, sampling, keys, retry delays, untrusted
 * text.
 */
@NullMarked
package dev.precept.model;

import org.jspecify.annotations.NullMarked;
