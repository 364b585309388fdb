/** Put in front of every channel name, so that the bridge can reach nothing but the contract. Without its schemas: it is read before the window. */
export const CHANNEL_PREFIX = 'lastgood:';
