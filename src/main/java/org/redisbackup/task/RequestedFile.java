package org.redisbackup.task;

/**
 * A file as the request named it.
 *
 * @param name object key, or a prefix when it ends in {@code /}
 * @param size echoed as sent, or null; means nothing to the import
 * @param updatedAt echoed as sent, or null; means nothing to the import
 */
public record RequestedFile(String name, String size, String updatedAt) {
    /** Whether all supported files under the name are meant. */
    public boolean isPrefix() {
        return name.endsWith("/");
    }
}
