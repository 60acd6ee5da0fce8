/**
 * The part of Jinja that chat templates are written in. A template reads the values it is given and makes text: it reaches no
 * Java object, no file and no clock, and what would not end is cut off.
 */
@NullMarked
package dev.precept.chattemplate;

import org.jspecify.annotations.NullMarked;
