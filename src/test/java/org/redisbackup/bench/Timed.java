package org.redisbackup.bench;

/** A step of a benchmark, whose wall time is taken. */
interface Timed {
    void run() throws Exception;

    /** Runs it once. */
    static double seconds(Timed step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
