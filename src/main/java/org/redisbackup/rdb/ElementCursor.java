package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Goes from element to element of an encoding, forward, and is the element that it stands on, until it goes on.
 *
 * <p>Nothing is allocated for an element. The encoding is checked as far as it was walked; who walked it to its end knows
 * that it is sound.
 */
public abstract class ElementCursor extends Element {
    /**
     * Goes to the next element.
     *
     * @return false when there is none
     * @throws RdbFormatException when the encoding is broken there
     */
    public abstract boolean next() throws IOException;
}
