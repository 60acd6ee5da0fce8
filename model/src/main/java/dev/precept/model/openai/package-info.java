/** The port over HTTP, to whatever speaks the OpenAI chat-completions API. */
@NullMarked
package dev.precept.model.openai;

import org.jspecify.annotations.NullMarked;
