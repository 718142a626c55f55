package org.redisbackup.redis;

/** What keeps a delivery from going on: the target takes no keys at all, none at this moment, or none until it has memory. */
final class HoldUp {
    private final Resending again;
    private String stop;
    private String postponed;
    private boolean awaitsRoom;

    HoldUp(Resending again) {
        this.again = again;
    }

    /** As {@link Shipment#stop}. */
    void stop(String reason) {
        if (stop == null) {
            stop = reason;
        }
    }

    boolean isStopped() {
        return stop != null;
    }

    /** Why it {@link #isStopped}, or null. */
    String whyStopped() {
        return stop;
    }

    /** As {@link Shipment#postpone}. */
    void postpone(String reason) {
        postponed = reason;
    }

    boolean isPostponed() {
        return postponed != null;
    }

    /** Why it {@link #isPostponed}, or null. */
    String whyPostponed() {
        return postponed;
    }

    /** Whether records are sent again when the target has memory. */
    boolean awaitsRoom() {
        return awaitsRoom;
    }

    /** As {@link Resending#awaitsRoom}. */
    boolean awaitsRoomAfter(String refusal) {
        awaitsRoom = again.awaitsRoom(refusal);
        return awaitsRoom;
    }

    boolean holds() {
        return stop != null || postponed != null || awaitsRoom;
    }

    /** What was held up is sent again. */
    void end() {
        postponed = null;
        awaitsRoom = false;
    }
}
