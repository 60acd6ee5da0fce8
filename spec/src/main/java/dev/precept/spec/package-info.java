/**
 * The specification: a folder of Markdown clauses with an index, compiled to a bundle whose version is its hash. Creates
 * excerpts per category and finds citations of clauses. Does not depend on models or Kafka.
 */
@NullMarked
package dev.precept.spec;

import org.jspecify.annotations.NullMarked;
