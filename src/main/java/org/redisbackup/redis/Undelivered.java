package org.redisbackup.redis;

/**
 * A record that a server did not settle, and that may be sent again.
 *
 * @param record its index in the batch
 * @param why kind of the answer; null when none came
 * @param answer the server's own words, or one sentence when none came
 * @param by who should have taken it; null when nobody serves its slot
 * @param doubtful whether it was sent and may have been executed
 */
record Undelivered(int record, ReplyKind why, String answer, Target by, boolean doubtful) {
    /** Whether its slot is served by the server that the answer names. */
    boolean isMoved() {
        return why == ReplyKind.MOVED;
    }

    /** Whether the server that the answer names takes it, this time. */
    boolean isAskedFor() {
        return why == ReplyKind.ASK;
    }

    /** Where a redirection leads: its answer ends with the address. */
    Address redirection() {
        return Address.redirected(
                answer.substring(answer.lastIndexOf(' ') + 1), by.addresses().get(0));
    }

    /** One sentence. */
    String explain() {
        return why == null ? answer : why.explain(by, answer);
    }
}
