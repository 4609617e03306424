"""The sample pictures, by what they show. A scene is a function that paints one on the canvas it is given."""
