/** Calls to the generator and the judge: prompt templates, votes, retries, the guard of budget and pause, the response cache. Needs no Kafka. */
@NullMarked
package dev.precept.judging;

import org.jspecify.annotations.NullMarked;
