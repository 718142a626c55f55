package org.redisbackup.rdb;

/** One element of a value is longer than what is held, or sent, at once. The value may be sound. */
public final class ElementTooLongException extends RdbFormatException {
    private static final long serialVersionUID = 1L;

    /**
     * @param offset bytes from the start of the file to the element, or to the record that it is in
     * @param bytes of the element
     * @param max bytes that it may have
     */
    public ElementTooLongException(long offset, long bytes, long max) {
        super(offset, "one element takes " + bytes + " bytes, more than the " + max + " that are held at once");
    }
}
