package org.redisbackup.redis;

/** What a shipment asks of its pipeline when it is not settled by what was sent. */
interface Resending {
    /** Of a shipment that is sent once at most. */
    Resending NEVER = new Resending() {
        @Override
        public void send(Shipment shipment) {
            throw new IllegalStateException("it must not be sent again");
        }

        @Override
        public boolean isAllowedAfter(String failure) {
            return false;
        }

        @Override
        public boolean awaitsRoom(String refusal) {
            return false;
        }

        @Override
        public void succeeded(boolean tookSome, Witness newest) {
            // nothing depends on it
        }
    };

    /** Puts it back into the queue, in front of all others. */
    void send(Shipment shipment);

    /**
     * Whether it may be sent again after one more failure: not when nothing has succeeded for a while.
     *
     * @param failure one sentence
     */
    boolean isAllowedAfter(String failure);

    /**
     * Whether a key may be sent again that the target has no memory for: not when it has had none for too long.
     *
     * @param refusal one sentence without its full stop
     */
    boolean awaitsRoom(String refusal);

    /**
     * The target answered for everything.
     *
     * @param tookSome whether it took any of it
     * @param newest what it acknowledged last, or null
     */
    void succeeded(boolean tookSome, Witness newest);
}
