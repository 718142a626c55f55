package org.redisbackup.redis;

/**
 * Whether a server that restarted, or another one in its place, still holds what was acknowledged. That is not held here
 * any more, so it can't be sent again.
 */
final class RestartCheck {
    private final Target target;
    private final Pace pace;
    private final int timeoutMillis;
    private String run; // of the server when it was connected last, or null
    private Witness witness; // what it acknowledged last, or null

    /**
     * @param pace is told of a restart that lost nothing
     * @param timeoutMillis for each answer of the target
     */
    RestartCheck(Target target, Pace pace, int timeoutMillis) {
        this.target = target;
        this.pace = pace;
        this.timeoutMillis = timeoutMillis;
    }

    /** @param newest what the target acknowledged last */
    synchronized void acknowledged(Witness newest) {
        witness = newest;
    }

    /**
     * The target is connected anew, and asked for what it acknowledged last if it is not the one that did.
     *
     * @param newRun as {@link Handshake#run} tells it
     * @throws NotReadyException when it does not answer; the next connection is asked again
     * @throws DeliveryException when it has lost what it acknowledged, once; what is delivered later is another matter
     */
    void connected(String newRun) throws DeliveryException {
        Witness last = witnessAgainst(newRun);
        if (last == null) {
            return;
        }
        boolean lost = last.isLost(target, timeoutMillis);
        synchronized (this) {
            run = newRun;
            witness = lost ? null : witness;
        }
        if (lost) {
            throw new DeliveryException(
                    target.address() + " restarted, or another server took its place, and what it had acknowledged"
                            + " is lost, such as " + last
                            + "; let it keep its data, and import again (under the conflict policy skip, only what is"
                            + " missing is written)",
                    RestoreResult.NONE,
                    null);
        }
        pace.targetKeptItsData(target);
    }

    /** @return null when nothing is to be asked */
    private synchronized Witness witnessAgainst(String newRun) {
        Witness last = run == null || run.equals(newRun) ? null : witness;
        run = last == null ? newRun : run;
        return last;
    }
}
