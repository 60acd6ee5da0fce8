/** Model calls of generator and judge: prompt templates, votes, retries, budget and pause, response cache. Independent of Kafka. */
@NullMarked
package dev.precept.judging;

import org.jspecify.annotations.NullMarked;
