/**
 * The specification: a folder of Markdown clauses and the index over them, compiled to a bundle that is named by its hash,
 * excerpted per category, and found again where a text cites it. Pure: nothing here knows a model or a topic.
 */
@NullMarked
package dev.precept.spec;

import org.jspecify.annotations.NullMarked;
