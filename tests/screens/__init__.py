"""大厅屏: groups, playlists, manifests, pictures."""
