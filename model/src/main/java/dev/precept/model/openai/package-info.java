/** {@link dev.precept.model.ChatModel} over HTTP, for servers with the OpenAI chat-completions API. */
@NullMarked
package dev.precept.model.openai;

import org.jspecify.annotations.NullMarked;
