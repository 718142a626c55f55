package org.redisbackup.redis;

/** What a key can lose on its way to the target while it counts as imported. */
public enum Loss {
    /** Metadata that modules of Redis 8.6 and later attach to a key: no payload of {@code RESTORE} carries it. */
    MODULE_METADATA("the metadata of their modules");

    private final String text;

    Loss(String text) {
        this.text = text;
    }

    /** Names it, for a sentence such as "3 keys came without ...". */
    public String text() {
        return text;
    }
}
