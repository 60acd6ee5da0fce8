/** The judge as a reward: an HTTP service for trainers, whose judge never sees the reasoning. */
@NullMarked
package dev.precept.reward;

import org.jspecify.annotations.NullMarked;
