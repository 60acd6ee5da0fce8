/**
 * A Jinja interpreter for the chat templates of language models. A template can read only the values passed to it: no Java
 * object, no file, no clock. Rendering is bounded in steps, output and depth.
 */
@NullMarked
package dev.precept.chattemplate;

import org.jspecify.annotations.NullMarked;
