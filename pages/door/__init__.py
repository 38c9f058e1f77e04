"""The door: what stands between the network and the pages. Sign-in, the gate, what is checked before anything is served."""
