package org.redisbackup.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for what has to come true sooner or later. */
public final class Conditions {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 10;

    private Conditions() {}

    /**
     * Asks until it is so.
     *
     * @throws AssertionError when it was not in time
     */
    public static void await(Callable<Boolean> condition) throws Exception {
        await(condition, answer -> answer);
    }

    /**
     * Asks until the answer is right.
     *
     * @return the right answer
     * @throws AssertionError with the last answer, when none was right in time
     */
    public static <T> T await(Callable<T> question, Predicate<T> right) throws Exception {
        return await(DEADLINE, question, right);
    }

    /** The same for what takes longer, such as an application that starts. */
    public static <T> T await(Duration time, Callable<T> question, Predicate<T> right) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            T answer = question.call();
            if (right.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not true after " + time + ": " + answer);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }
}
